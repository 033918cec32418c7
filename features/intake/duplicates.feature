Feature: The same matter is reported twice
  Whoever takes a report down is shown what it may repeat, and why. People decide; nothing is joined in silence.

  Background:
    Given it is Monday 15 April 2024, 09:00
    And Asha's dispute with Bram is reported

  Rule: like reports are proposed with their reasons
    Scenario: The second report comes ten minutes later
      When ten minutes later Bram reports the same
      Then the first report is proposed as the same, with the reasons
      And nothing was joined by itself

    Scenario: Looked at later
      Given ten minutes later Bram has reported the same
      When it becomes Monday 15 April 2024, 09:15
      Then Ding is shown the first report beside the second

  Rule: what a person found not to be the same is not proposed again
    Scenario: Another wall
      Given ten minutes later Bram has reported the same
      And Ding has found that the two are not the same
      When it becomes Monday 15 April 2024, 09:15
      Then Ding is shown nothing beside either of them

    Scenario: It was joined already
      Given ten minutes later Bram has reported the same
      And Ding has joined the second report to the first
      When it becomes Monday 15 April 2024, 09:15
      Then Ding is shown nothing beside either of them
