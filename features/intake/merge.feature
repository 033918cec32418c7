Feature: Two reports become one case, and two again
  A person joins them; both keep their number, their time and their history. Taken apart, each is what it was.

  Background:
    Given it is Monday 15 April 2024, 09:00
    And Asha's dispute with Bram is reported

  Rule: merge - one event, one case, and both reporters are told
    Scenario: Both sides report one fight within ten minutes
      Given ten minutes later Bram has reported the same
      And Ding has joined the second report to the first
      When it becomes Monday 15 April 2024, 09:15
      Then the second report is closed as "Merged"
      And the second report says that it goes on in the first
      And the reporter of the first report has the "Notice that another report was joined"
      And the reporter of the second report has the "Notice that two reports are one case"
      And both reports keep the time at which they came

    Scenario: Which deadline will govern is said at once
      Given ten minutes later Bram has reported the same as red
      When Ding joins the second report to the first
      Then the answer says that "Safety questions" will be governed by the second report

    Scenario: The other goes on elsewhere already
      Given ten minutes later Bram has reported the same
      And Ding has joined the second report to the first
      When Ding joins the first report to the second
      Then it is refused because the second cannot take it in

  Rule: unmerge - both are what they would be
    Scenario: They were two matters
      Given ten minutes later Bram has reported the same as red
      And Ding has joined the second report to the first
      And it has become Monday 15 April 2024, 09:15
      When Ding takes the two reports apart
      Then both stand as they stood, linked no more
      And the deadline "Safety questions" is Tuesday 16 April 2024, 10:00
      And the second report has until Monday 15 April 2024, 09:40 for "Safety questions"

  Rule: the receipt says how the matter stands
    Scenario: The second reporter asks
      Given ten minutes later Bram has reported the same
      And Ding has joined the second report to the first
      When it becomes Monday 15 April 2024, 09:15
      Then the receipt of the second report says how the first stands, and names it not
      And a receipt that nobody was given says nothing
