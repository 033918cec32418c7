Feature: The file is complete before it is closed
  Who the parties are was seen from their papers. Somebody who reports again and again gets the same care.

  Background:
    Given it is Monday 15 April 2024, 09:00

  Rule: papers_there - every party's identity paper was seen
    Scenario: A third party whose papers nobody saw
      Given Asha's dispute with Bram is being followed up
      And Cleo has joined as another party concerned
      And Wang has visited the parties after 7 days
      And Wang has visited the parties after 23 days
      When Du closes the case
      Then it is refused under "papers_there"
      And the refusal names Cleo

    Scenario: Her papers were seen
      Given Asha's dispute with Bram is being followed up
      And Cleo has joined as another party concerned
      And Wang has seen the papers of Cleo
      And Wang has visited the parties after 7 days
      And Wang has visited the parties after 23 days
      When Du closes the case
      Then the case is closed as "Settled and performed"

  Rule: flag_abuse - the head may note repeated unfounded reports, and it stops nothing
    Scenario: The desk may not
      Given Asha's dispute with Bram is reported
      When Ding notes repeated unfounded reports
      Then it is refused because it "is for Head of the station"

    Scenario: The case goes on
      Given Asha's dispute with Bram is reported
      And Chen has noted repeated unfounded reports
      When Ding screens it yellow with every answer no
      Then the case is "Screened"
