Feature: Somebody strikes at the table
  A session stops at the first blow. The mediator calls the police and nobody has to sit down again.

  Background:
    Given it is Monday 15 April 2024, 09:00
    And Asha's dispute with Bram is in session

  Rule: stop_session - a blow ends the mediation
    Scenario: Bram strikes
      When Ma stops the session because Bram struck
      Then the case is "Mediation ended"
      And it is graded red
      And the officer on the case is reminded
      And Asha and Bram have the "Notice of the other ways open"

  Rule: call_police - whoever sees it coming calls before it comes to that
    Scenario: Bram threatens
      When Ma calls the police
      Then the case is "In session"
      And it is graded red
      And the officer on the case is reminded
